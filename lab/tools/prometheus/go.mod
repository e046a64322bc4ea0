module gomeet.dev/lab/tools/prometheus

go 1.26
