# doc/: papers for people who are neither developers nor administrators.
dist_doc_DATA = doc/quick-guide.ja.md
