"""The paper's statements, one file each, as records that are decided."""
