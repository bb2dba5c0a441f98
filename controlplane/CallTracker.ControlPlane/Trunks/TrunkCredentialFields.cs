using System.Text;
using CallTracker.Contracts.Routes;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>Reads the members of a trunk's document that digest authentication uses. Stateless.</summary>
internal static class TrunkCredentialFields
{
    private const int NameLengthMax = 128;

    /// <summary>A username or realm; null when absent or empty.</summary>
    public static string? Name(JsonFields fields, string name)
    {
        if (fields.Text(name, NameLengthMax) is not { Length: > 0 } text) return null;
        // They stand in quoted-strings (RFC 3261 section 25.1) and, joined by colons, in the digest (RFC 7616 3.4.2).
        if (text.AsSpan().IndexOfAny('"', '\\', ':') < 0) return text;
        fields.Refuse(name, "Must not contain quotes, backslashes or colons.");
        return null;
    }

    /// <summary>The secret as given; null when absent or refused. No error ever repeats it.</summary>
    public static string? Secret(JsonFields fields)
    {
        const int LengthMax = TrunkSecretCipher.SecretLengthMax;
        if (fields.Text("secret", LengthMax) is not { } text) return null;
        if (Encoding.UTF8.GetByteCount(text) <= LengthMax) return text;
        fields.Refuse("secret", $"May have {LengthMax} bytes.");
        return null;
    }
}
