using System.Globalization;
using System.Net;
using System.Text;

namespace CallTracker.Core.Tests.Support;

/// <summary>The slow reference for addresses' texts: strings, the framework's parser, the RFCs to the letter.</summary>
internal static class SlowAddressText
{
    private const string Hex = "0123456789abcdefABCDEF";

    /// <summary>The sixteen bytes of the address; null when the text is none.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        if (!text.Contains(':')) return ReadDotted(text) is { } four ? [.. new byte[10], 255, 255, .. four] : null;
        if (text.Any(c => !Hex.Contains(c) && c is not ':' and not '.')) return null;
        // The framework takes no leading zeros in a dotted tail, or takes them for octal: written out beforehand.
        if (text.Contains('.'))
        {
            var tail = text[(text.LastIndexOf(':') + 1)..];
            if (ReadDotted(tail) is not { } four) return null;
            text = text[..^tail.Length] + $"{(four[0] << 8) | four[1]:x}:{(four[2] << 8) | four[3]:x}";
        }
        return IPAddress.TryParse(text, out var address) ? address.MapToIPv6().GetAddressBytes() : null;
    }

    /// <summary>RFC 5952 on strings.</summary>
    public static string Write(byte[] address)
    {
        if (address.Take(12).SequenceEqual((byte[])[.. new byte[10], 255, 255])) return string.Join('.', address[12..]);
        var groups = address.Chunk(2).Select(pair => $"{(pair[0] << 8) | pair[1]:x}");
        var text = string.Join(':', groups);
        for (var run = 8; run >= 2; run--)
        {
            var zeros = string.Join(':', Enumerable.Repeat("0", run));
            var at = $":{text}:".IndexOf($":{zeros}:", StringComparison.Ordinal);
            if (at < 0) continue;
            return $"{text[..at].TrimEnd(':')}::{text[(at + zeros.Length)..].TrimStart(':')}";
        }
        return text;
    }

    private static byte[]? ReadDotted(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 4) return null;
        if (parts.Any(part => part.Length is < 1 or > 3 || !part.All(char.IsAsciiDigit))) return null;
        var numbers = parts.Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return numbers.Any(number => number > 255) ? null : [.. numbers.Select(number => (byte)number)];
    }
}
