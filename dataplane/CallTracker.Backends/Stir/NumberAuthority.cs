using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace CallTracker.Backends.Stir;

/// <summary>
/// The TN Authorization List of a certificate (RFC 8226 section 9): a carrier by its code, who may sign for any number
/// it serves, or the numbers themselves. Immutable.
/// </summary>
internal sealed class NumberAuthority
{
    /// <summary>id-pe-TNAuthList.</summary>
    public const string Oid = "1.3.6.1.5.5.7.1.26";
    private const int EntriesMax = 1_000;
    private readonly List<(BigInteger First, BigInteger Count, int Length)> _ranges = [];
    private bool _isCarrier;

    private NumberAuthority()
    {
    }

    /// <summary>Null when the certificate has no list, or one that does not read: it is no STIR certificate.</summary>
    public static NumberAuthority? TryRead(X509Certificate2 certificate)
    {
        if (certificate.Extensions[Oid] is not { } extension) return null;
        try
        {
            var authority = new NumberAuthority();
            var list = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            for (var count = 0; list.HasData; count++)
            {
                if (count == EntriesMax || !authority.TryAdd(list)) return null;
            }
            return authority._isCarrier || authority._ranges.Count > 0 ? authority : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>True when it may sign for a number in canonical form.</summary>
    public bool Covers(string number)
    {
        if (_isCarrier) return true;
        if (!TryParse(number, out var value)) return false;
        foreach (var (first, count, length) in _ranges)
        {
            if (number.Length == length && value >= first && value < first + count) return true;
        }
        return false;
    }

    // TNEntry ::= CHOICE { spc [0] ServiceProviderCode, range [1] TelephoneNumberRange, one [2] TelephoneNumber }
    private bool TryAdd(AsnReader list)
    {
        var tag = list.PeekTag();
        var entry = list.ReadSequence(tag);
        switch (tag.TagValue)
        {
            case 0:
                _isCarrier = entry.ReadCharacterString(UniversalTagNumber.IA5String).Length > 0;
                return _isCarrier;
            case 1:
                var range = entry.ReadSequence();
                var start = range.ReadCharacterString(UniversalTagNumber.IA5String);
                return TryAddRange(start, range.ReadInteger());
            case 2:
                return TryAddRange(entry.ReadCharacterString(UniversalTagNumber.IA5String), BigInteger.One);
            default:
                return false;
        }
    }

    private bool TryAddRange(string start, BigInteger count)
    {
        if (!TryParse(start, out var first) || count < 1) return false;
        _ranges.Add((first, count, start.Length));
        return true;
    }

    // TelephoneNumber ::= IA5String (SIZE (1..15)) (FROM ("0123456789#*"))
    private static bool TryParse(string text, out BigInteger value)
    {
        value = default;
        if (text.Length is 0 or > 15 || text.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        value = BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        return true;
    }
}
