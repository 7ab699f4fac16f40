"""The arithmetics that enclose (or estimate) population quantities of a mixture."""
