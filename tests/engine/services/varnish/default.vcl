vcl 4.1;
backend default none;
sub vcl_recv { return (synth(200, "stayed")); }
sub vcl_synth { synthetic("stayed"); return (deliver); }
