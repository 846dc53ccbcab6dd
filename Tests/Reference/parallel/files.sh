# The files that the examples of GNU parallel's tutorial use, made in the current folder.
printf '%s\n' A B C > abc-file
printf '%s\n' D E F > def-file
printf 'A\0B\0C\0' > abc0-file
printf 'A_B_C_' > abc_-file
printf 'f1\tf2\nA\tB\nC\tD\n' > tsv-file.tsv
seq 8 > num8
seq 30000 > num30000
printf 'one\n' | gzip > one.txt.gz
printf 'two\n' | gzip > two.txt.gz
echo page > page.html
