using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CallTracker.Calls.Stir;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Reads the PASSporT of an Identity header field, in full form or, with what the message itself says, in compact form
/// (RFC 8225 section 7). Stateless. Whatever does not read is <see cref="StirReason.InvalidIdentity"/>.
/// </summary>
internal static class PassportReader
{
    private const int DestCountMax = 16;
    private const int NumberLengthMax = 32;
    private static readonly SearchValues<char> Base64UrlChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    // A name that comes twice could be read one way by us and another way by the next.
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 6, AllowDuplicateProperties = false };

    /// <summary>Null, and why, when it is no PASSporT we can judge.</summary>
    /// <param name="field">The header field.</param>
    /// <param name="job">The message it came in, for the compact form.</param>
    /// <param name="reason">Why it was refused.</param>
    public static Passport? TryRead(IdentityField field, StirJob job, out StirReason reason)
    {
        reason = field.Algorithm == "ES256" ? StirReason.InvalidIdentity : StirReason.UnsupportedCredential;
        if (field.Algorithm != "ES256") return null;
        var parts = field.Token.Split('.');
        if (parts.Length != 3 || !TryDecode(parts[2], out var signature)) return null;
        if (signature.Length != PassportText.SignatureLength) return null;
        var passport = parts is ["", "", _] ? ReadCompact(field, job, signature) : ReadFull(field, parts, signature);
        reason = passport is null ? StirReason.InvalidIdentity : StirReason.None;
        return passport;
    }

    private static Passport? ReadFull(IdentityField field, string[] parts, byte[] signature)
    {
        if (!TryDecode(parts[0], out var headerBytes) || !TryDecode(parts[1], out var payloadBytes)) return null;
        try
        {
            using var header = JsonDocument.Parse(headerBytes, Json);
            using var payload = JsonDocument.Parse(payloadBytes, Json);
            if (!IsHeaderOf(field, header.RootElement)) return null;
            var signingInput = Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]);
            return FromClaims(field, payload.RootElement, signingInput, signature);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RFC 8225 section 4: typ, alg and x5u are required; the parameters beside the token must say the same (RFC 8224
    // section 4), or a proxy could be made to look elsewhere than the one who verifies.
    private static bool IsHeaderOf(IdentityField field, JsonElement header) =>
        header.ValueKind == JsonValueKind.Object
        && Text(header, "typ") == "passport"
        && Text(header, "alg") == "ES256"
        && Text(header, "x5u") == field.Info
        && (Text(header, "ppt") ?? "") == field.Extension;

    private static Passport? FromClaims(
        IdentityField field, JsonElement claims, byte[] signingInput, byte[] signature)
    {
        if (claims.ValueKind != JsonValueKind.Object) return null;
        if (!claims.TryGetProperty("iat", out var iat) || iat.ValueKind != JsonValueKind.Number) return null;
        if (!iat.TryGetInt64(out var issuedAt)) return null;
        if (Number(claims, "orig") is not { } orig || Destinations(claims) is not { } dest) return null;
        var div = field.Extension == "div" ? Number(claims, "div") : "";
        var attest = field.Extension == "shaken" ? Text(claims, "attest") : "";
        if (div is null || attest is not ("" or "A" or "B" or "C")) return null;
        // RFC 8588 section 5: shaken carries both of its claims or is none.
        var isWhole = field.Extension != "shaken" || (attest.Length > 0 && Text(claims, "origid") is { Length: > 0 });
        if (!isWhole) return null;
        return new Passport
        {
            Extension = field.Extension,
            CertificateUrl = field.Info,
            Orig = orig,
            Dest = dest,
            IssuedAt = issuedAt,
            Div = div,
            Attest = attest,
            SigningInput = signingInput,
            Signature = signature,
        };
    }

    // The compact form is for plain PASSporTs: what shaken and div claim is nowhere else in the message (RFC 8588
    // section 5, RFC 8946 section 4).
    private static Passport? ReadCompact(IdentityField field, StirJob job, byte[] signature)
    {
        if (field.Extension.Length > 0) return null;
        var date = Encoding.ASCII.GetString(job.Date);
        if (!DateTimeOffset.TryParseExact(
            date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return null;
        var (orig, dest) = (PassportNumber.Of(job.Caller), PassportNumber.Of(job.Called));
        if (orig.Length == 0 || dest.Length == 0 || field.Info.AsSpan().ContainsAny("\"\\")) return null;
        var issuedAt = at.ToUnixTimeSeconds();
        var input = PassportText.SigningInput(
            PassportText.Header("", field.Info), PassportText.Plain(orig, dest, issuedAt));
        return new Passport
        {
            Extension = "",
            CertificateUrl = field.Info,
            Orig = orig,
            Dest = [dest],
            IssuedAt = issuedAt,
            SigningInput = Encoding.ASCII.GetBytes(input),
            Signature = signature,
        };
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length == 0 || text.AsSpan().ContainsAnyExcept(Base64UrlChars)) return false;
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done) return false;
        bytes = bytes[..length];
        return true;
    }

    // "dest":{"tn":["81312345678"]}
    private static List<string>? Destinations(JsonElement claims)
    {
        if (!TryObject(claims, "dest", out var dest) || !dest.TryGetProperty("tn", out var numbers)) return null;
        if (numbers.ValueKind != JsonValueKind.Array || numbers.GetArrayLength() is 0 or > DestCountMax) return null;
        var list = new List<string>();
        foreach (var number in numbers.EnumerateArray())
        {
            if (!IsNumber(number)) return null;
            list.Add(number.GetString()!);
        }
        return list;
    }

    // "orig":{"tn":"81312345678"}
    private static string? Number(JsonElement claims, string name) =>
        TryObject(claims, name, out var value) && value.TryGetProperty("tn", out var number) && IsNumber(number)
            ? number.GetString()
            : null;

    private static bool TryObject(JsonElement claims, string name, out JsonElement value) =>
        claims.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;

    private static bool IsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= NumberLengthMax };

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
