# FLamby's heart-disease table of the four hospitals' files, in its order:
# three columns that are mostly missing are dropped, then the rows where
# anything is; chest pain and resting ECG become indicators of all levels but
# the first. The first input names, a hospital a line, the lines of its file
# that are test rows.

NR == FNR {
	for (i = 2; i <= NF; i++)
		test[$1, $i]
	next
}

FNR == 1 {
	FS = ","
	$0 = $0
	hospital = FILENAME
	gsub(/.*processed\.|\.data$/, "", hospital)
	if (!titles++)
		print "center,line,split,target,age,sex,trestbps,chol,fbs,thalach,exang,oldpeak," \
			"cp_2,cp_3,cp_4,restecg_1,restecg_2"
}

{
	part = ((hospital, FNR) in test) ? "test" : "train"
	$11 = $12 = $13 = ""
	if (/\?/)
		next
	printf "%s,%d,%s,%d,%s,%s,%s", hospital, FNR, part, ($14 > 0), $1 + 0, $2 + 0, $4 + 0
	printf ",%s,%s,%s,%s,%s", $5 + 0, $6 + 0, $8 + 0, $9 + 0, $10 + 0
	printf ",%d,%d,%d,%d,%d\n", ($3 == 2), ($3 == 3), ($3 == 4), ($7 == 1), ($7 == 2)
}
