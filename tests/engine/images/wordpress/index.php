<?php
// Keeps what it is sent, as an upload would be.
$kept = __DIR__ . '/wp-content/uploads/kept.txt';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    move_uploaded_file($_FILES['file']['tmp_name'], $kept) or http_response_code(500);
}
echo is_file($kept) ? file_get_contents($kept) : 'standing in';
