-- What verification said of the caller's number (RFC 8224), the signer's attestation (RFC 8588) and why not.
ALTER TABLE calltracker.call_records ADD COLUMN IF NOT EXISTS verstat LowCardinality(String) AFTER recovered;
ALTER TABLE calltracker.call_records ADD COLUMN IF NOT EXISTS attest LowCardinality(String) AFTER verstat;
ALTER TABLE calltracker.call_records ADD COLUMN IF NOT EXISTS stir_code UInt16 AFTER attest;
