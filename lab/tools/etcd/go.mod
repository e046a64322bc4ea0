module gomeet.dev/lab/tools/etcd

go 1.26
