<?php
// As match.mjs. Generators of PHP clients put the pattern between slashes and escape those in it.
$lines = array_map(fn($line) => base64_decode(substr($line, 1)), array_filter(explode("\n", stream_get_contents(STDIN))));
[$flags, $count] = [$lines[0], (int) $lines[1]];
foreach (array_slice($lines, 2, $count) as $pattern) {
    $engine = '/' . str_replace('/', '\\/', $pattern) . '/' . $flags;
    $found = '';
    foreach (array_slice($lines, 2 + $count) as $text) {
        $found .= preg_match($engine, $text) === false ? 'x' : preg_match($engine, $text);
    }
    echo $found, "\n";
}
