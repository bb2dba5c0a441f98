using System.Text;

namespace CallTracker.Backends.Stir;

/// <summary>The parts of one Identity header field (RFC 8224 section 4). Immutable.</summary>
/// <param name="Token">The PASSporT, in full or compact form.</param>
/// <param name="Info">The URI in the info parameter.</param>
/// <param name="Algorithm">The alg parameter; ES256 when there is none.</param>
/// <param name="Extension">The ppt parameter; empty when there is none.</param>
internal sealed record IdentityField(string Token, string Info, string Algorithm, string Extension)
{
    // Identity = signed-identity-digest SEMI ident-info *( SEMI ident-info-params )
    // ident-info = "info" EQUAL LAQUOT absoluteURI RAQUOT; ident-info-params = alg / ppt / generic-param
    public static IdentityField? TryRead(ReadOnlySpan<byte> value)
    {
        if (!Ascii.IsValid(value)) return null;
        var rest = Encoding.ASCII.GetString(value).AsSpan().Trim(" \t");
        var end = rest.IndexOf(';');
        if (end <= 0) return null;
        var token = rest[..end].TrimEnd(" \t").ToString();
        rest = rest[end..];
        string? info = null;
        var (algorithm, extension) = ("ES256", "");
        while (!rest.IsEmpty)
        {
            if (!TryTake(ref rest, out var name, out var text)) return null;
            switch (name)
            {
                case "info" when info is null && text is ['<', .., '>']: info = text[1..^1]; break;
                case "info": return null;
                case "alg": algorithm = text; break;
                case "ppt": extension = Unquote(text); break;
                default: break;
            }
        }
        return info is null ? null : new IdentityField(token, info, algorithm, extension);
    }

    // SEMI name [ EQUAL value ]; a semicolon inside brackets or quotes belongs to the value.
    private static bool TryTake(ref ReadOnlySpan<char> rest, out string name, out string value)
    {
        (name, value) = ("", "");
        rest = rest.TrimStart(" \t");
        if (rest.IsEmpty || rest[0] != ';') return false;
        rest = rest[1..];
        var end = 0;
        var closing = '\0';
        for (; end < rest.Length && (closing != '\0' || rest[end] != ';'); end++)
        {
            if (closing != '\0') closing = rest[end] == closing ? '\0' : closing;
            else if (rest[end] is '<' or '"') closing = rest[end] == '<' ? '>' : '"';
        }
        if (closing != '\0') return false;
        var one = rest[..end];
        rest = rest[end..];
        var equals = one.IndexOf('=');
        name = (equals < 0 ? one : one[..equals]).Trim(" \t").ToString().ToLowerInvariant();
        if (equals >= 0) value = one[(equals + 1)..].Trim(" \t").ToString();
        return name.Length > 0;
    }

    private static string Unquote(string text) => text is ['"', .., '"'] and { Length: > 1 } ? text[1..^1] : text;
}
