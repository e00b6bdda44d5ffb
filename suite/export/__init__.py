"""Export: a study as a folder that another machine can verify, read and reproduce from. The map:

bundle     the folder as a whole: writing it, and reading it back
manifest   a digest of every file, and what is wrong with a folder that has other ones
tables     the answer's tables as CSV, in which no cell is a formula
croissant  the data of a task, described in Croissant
crate      the folder, described as an RO-Crate: what made it, from what, when and by whom
page       the static page: the study's answer, readable from the file system without a server
parts      its parts: headings, tables and lists, in which all that comes from data is text
drawing    its charts: intervals as SVG, with a name and a description that tell them in words
style      its looks, light and dark
"""
