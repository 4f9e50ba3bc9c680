"""What a picture is on paper: sources and files, the settings that it carries, films, sprites, edges, cut-outs."""
