namespace CallTracker.Media.Sdp;

/// <summary>The static audio payload types of RFC 3551 table 4.</summary>
internal static class StaticPayloads
{
    // Payload type 9 (G722) has an RTP clock of 8000 although it samples at 16000 (RFC 3551 section 4.5.2).
    public static int ClockRateHz(int payloadType) => payloadType switch
    {
        0 or 3 or 4 or 5 or 7 or 8 or 9 or 12 or 13 or 15 or 18 => 8000,
        6 => 16_000,
        10 or 11 => 44_100,
        14 => 90_000,
        16 => 11_025,
        17 => 22_050,
        _ => 0,
    };

    public static int Channels(int payloadType) => payloadType == 10 ? 2 : 1;

    public static ReadOnlySpan<byte> Name(int payloadType) => payloadType switch
    {
        0 => "PCMU"u8,
        3 => "GSM"u8,
        4 => "G723"u8,
        5 or 6 or 16 or 17 => "DVI4"u8,
        7 => "LPC"u8,
        8 => "PCMA"u8,
        9 => "G722"u8,
        10 or 11 => "L16"u8,
        12 => "QCELP"u8,
        13 => "CN"u8,
        14 => "MPA"u8,
        15 => "G728"u8,
        18 => "G729"u8,
        _ => default,
    };
}
