<?php
file_put_contents('kept.txt', 'stayed');
echo posix_getpwuid(posix_geteuid())['name'], ' ', file_get_contents('kept.txt');
