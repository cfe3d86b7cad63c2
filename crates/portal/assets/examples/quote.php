<?php
$question = [
    "from" => "CN", "to" => "FR", "currency" => "EUR", "freight" => "4.90", "channel" => "post",
    "seller" => ["registrations" => ["eu.ioss"]],
    "items" => [
        ["code" => "6109.10", "origin" => "CN", "quantity" => 2, "price" => "12.50"],
        ["code" => "9102.11", "origin" => "CN", "quantity" => 1, "price" => "79.00"]
    ]
];

$call = curl_init("https://duties.example/v1/quotes");
curl_setopt_array($call, [
    CURLOPT_POST => true,
    CURLOPT_POSTFIELDS => json_encode($question),
    CURLOPT_HTTPHEADER => ["content-type: application/json"],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT_MS => 1500,
]);
$body = curl_exec($call);
if ($body === false) {
    exit("no answer: " . curl_error($call) . "\n");
}
$quote = json_decode($body, true);

if (curl_getinfo($call, CURLINFO_RESPONSE_CODE) !== 200) {
    echo $quote["title"], ": ", $quote["detail"], "\n";
} elseif ($quote["outcome"] === "amount") {
    echo "charge at checkout: ", $quote["terms"]["checkout_ddp"]["least_asked"], " ", $quote["asked_currency"], "\n";
} else {
    echo $quote["outcome"], " ", $quote["missing"][0]["question"] ?? "", "\n";
}
