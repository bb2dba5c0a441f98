namespace CallTracker.Media.Ice;

/// <summary>The checksum of ITU-T V.42, which STUN's FINGERPRINT is made of (RFC 8489 section 14.7).</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;
    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes) crc = (crc >> 8) ^ Table[(byte)(crc ^ octet)];
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
