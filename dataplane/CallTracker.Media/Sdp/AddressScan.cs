namespace CallTracker.Media.Sdp;

/// <summary>
/// Finds what may be an IP address in a line that would otherwise pass unchanged. Errs on the side of finding one: a
/// version number in four parts costs its line, an inside address that passes costs the topology. Stateless.
/// </summary>
internal static class AddressScan
{
    private const int Ipv4Groups = 4;
    private const int Ipv6Groups = 8;

    public static bool Contains(ReadOnlySpan<byte> line) => ContainsIpv4(line) || ContainsIpv6(line);

    // Four numbers with dots between, also as part of a longer run.
    private static bool ContainsIpv4(ReadOnlySpan<byte> line)
    {
        int groups = 0, digits = 0;
        foreach (var octet in line)
        {
            if (octet is >= (byte)'0' and <= (byte)'9')
            {
                if (digits++ == 0) groups++;
                if (groups >= Ipv4Groups) return true;
                continue;
            }
            if (octet != '.' || digits == 0) groups = 0;
            digits = 0;
        }
        return false;
    }

    private static bool ContainsIpv6(ReadOnlySpan<byte> line)
    {
        for (var start = 0; start < line.Length; start++)
        {
            if (!IsIpv6Octet(line[start])) continue;
            var end = start;
            while (end < line.Length && IsIpv6Octet(line[end])) end++;
            if (IsIpv6Run(line[start..end])) return true;
            start = end;
        }
        return false;
    }

    // A compressed address has "::". A full one has eight groups; a certificate fingerprint has more, all of two
    // digits.
    private static bool IsIpv6Run(ReadOnlySpan<byte> run)
    {
        if (run.IndexOf("::"u8) >= 0) return true;
        int groups = 0, digits = 0;
        var onlyPairs = true;
        for (var i = 0; i <= run.Length; i++)
        {
            if (i < run.Length && run[i] != ':')
            {
                digits++;
                continue;
            }
            if (digits > 0) groups++;
            if (digits is not (0 or 2)) onlyPairs = false;
            digits = 0;
        }
        return groups == Ipv6Groups || (groups > Ipv6Groups && !onlyPairs);
    }

    private static bool IsIpv6Octet(byte octet) =>
        octet is (byte)':' or (>= (byte)'0' and <= (byte)'9') || (octet | 0x20) is >= (byte)'a' and <= (byte)'f';
}
