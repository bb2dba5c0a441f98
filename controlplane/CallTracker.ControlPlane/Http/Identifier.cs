using System.Security.Cryptography;

namespace CallTracker.ControlPlane.Http;

/// <summary>Ids of resources: given ones are checked, made ones have 24 hex digits. Stateless.</summary>
internal static class Identifier
{
    public const int LengthMax = 64;
    public const string Rule = "Must have 1 to 64 of the characters A-Z a-z 0-9 _ -.";

    /// <summary><c>[A-Za-z0-9_-]{1,64}</c>.</summary>
    public static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > LengthMax) return false;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        }
        return true;
    }

    public static string Make() => RandomNumberGenerator.GetHexString(24, lowercase: true);
}
