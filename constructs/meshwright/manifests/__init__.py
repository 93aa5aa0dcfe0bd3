"""Where manifests come from and what they are: folders, standard input, git revisions; one Resource an object."""
