using System.Text;

namespace CallTracker.Fuzz.Tests;

/// <summary>
/// Changes inputs at random, by bytes and by what text protocols are made of: lines, numbers, folds, pieces of the
/// target's grammar, parts of other inputs. Owned by one run.
/// </summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus, IReadOnlyList<string> pieces)
{
    private const int LengthMax = 4_000;
    private const int SpliceMax = 60;
    private static readonly byte[] Odd = Encoding.Latin1.GetBytes("\r\n \t\0:;,<>\"\\@%[]=/?(){}0aZ\u007f\u00ff");
    private static readonly string[] Numbers =
    [
        "0", "-1", "00", "1", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967296",
        "9999999999999999999", "1e3", "+5", "",
    ];

    /// <summary>An input of the corpus, changed one to six times.</summary>
    public byte[] Next()
    {
        var bytes = corpus[random.Next(corpus.Count)];
        for (var rounds = random.Next(1, 7); rounds > 0; rounds--) bytes = Change(bytes);
        return bytes.Length > LengthMax ? bytes[..LengthMax] : bytes;
    }

    private byte[] Change(byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        return random.Next(10) switch
        {
            0 => Insert(bytes, at, Encoding.Latin1.GetBytes(pieces[random.Next(pieces.Count)])),
            1 => Remove(bytes, at, random.Next(1, 16)),
            2 or 3 => ChangeByte(bytes, at),
            4 => Insert(bytes, at, Part(bytes)),
            5 => Insert(bytes, at, Part(corpus[random.Next(corpus.Count)])),
            6 => ChangeNumber(bytes, at),
            7 => ChangeLine(bytes, at),
            8 => ChangeCase(bytes, at),
            _ => bytes[..random.Next(bytes.Length + 1)],
        };
    }

    private byte[] Part(byte[] bytes)
    {
        var from = random.Next(bytes.Length + 1);
        return bytes[from..Math.Min(bytes.Length, from + random.Next(SpliceMax))];
    }

    private byte[] ChangeByte(byte[] bytes, int at)
    {
        if (at == bytes.Length) return bytes;
        var changed = (byte[])bytes.Clone();
        changed[at] = random.Next(2) == 0 ? Odd[random.Next(Odd.Length)] : (byte)random.Next(256);
        return changed;
    }

    // The next run of digits becomes a number at some border.
    private byte[] ChangeNumber(byte[] bytes, int at)
    {
        var start = at;
        while (start < bytes.Length && !char.IsAsciiDigit((char)bytes[start])) start++;
        var end = start;
        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[end])) end++;
        var number = Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]);
        return [.. bytes[..start], .. number, .. bytes[end..]];
    }

    // A whole line goes, comes twice, or is folded.
    private byte[] ChangeLine(byte[] bytes, int at)
    {
        var start = at == 0 ? 0 : Array.LastIndexOf(bytes, (byte)'\n', at - 1) + 1;
        var end = start >= bytes.Length ? -1 : Array.IndexOf(bytes, (byte)'\n', start);
        if (end < 0) return bytes;
        var line = bytes[start..(end + 1)];
        return random.Next(3) switch
        {
            0 => [.. bytes[..start], .. bytes[(end + 1)..]],
            1 => Insert(bytes, start, line),
            _ => Insert(bytes, start + random.Next(line.Length), "\r\n "u8.ToArray()),
        };
    }

    private byte[] ChangeCase(byte[] bytes, int at)
    {
        var changed = (byte[])bytes.Clone();
        for (var end = Math.Min(bytes.Length, at + random.Next(12)); at < end; at++)
        {
            if (char.IsAsciiLetter((char)changed[at])) changed[at] ^= 0x20;
        }
        return changed;
    }

    private static byte[] Insert(byte[] bytes, int at, byte[] piece) => [.. bytes[..at], .. piece, .. bytes[at..]];

    private static byte[] Remove(byte[] bytes, int at, int count) =>
        [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + count)..]];
}
