# Plots the accuracy of private models against their epsilon, from RUN/accuracy.tsv, as SVG.
set terminal svg size 640,400 font 'Helvetica,12' background rgb 'white'
set datafile separator tab
set title 'MNIST, softmax regression, 1000 clients, delta 1e-4'
set xlabel 'epsilon'
set ylabel 'accuracy on test digits'
set logscale x 2
set xrange [0.7:12]
set grid ytics lc rgb '#dddddd'
set key bottom right
set border 3
set tics nomirror out
none = real(system(sprintf("awk -F '\\t' '$1 == \"none\" { v = $3 } END { print v + 0 }' %s", table)))
level = none > 0 ? none : NaN
plot table using ($2 > 0 ? $2 : 1/0):3:4:5 every ::1 with yerrorlines \
	lw 2 pt 7 ps 0.6 lc rgb '#0060ad' title 'with noise: mean, least and most', \
	level with lines lw 2 dt 2 lc rgb '#888888' title 'clipped, no noise'
