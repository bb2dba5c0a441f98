using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Stir;

namespace CallTracker.Backends.Stir;

/// <summary>Numbers of PASSporTs and of calls, side by side. Stateless.</summary>
internal static class PassportNumber
{
    /// <summary>The canonical text; empty for a number that has none.</summary>
    public static string Of(PhoneNumber number)
    {
        Span<byte> text = stackalloc byte[TelephoneNumberText.LengthMax];
        return Encoding.ASCII.GetString(text[..TelephoneNumberText.Write(number, text)]);
    }

    /// <summary>True when a claim names this number; an empty number is named by none.</summary>
    public static bool IsNamed(string claim, PhoneNumber number)
    {
        Span<byte> text = stackalloc byte[TelephoneNumberText.LengthMax];
        return !number.IsEmpty
            && Encoding.ASCII.TryGetBytes(claim, text, out var length)
            && TelephoneNumberText.TryRead(text[..length], out var named)
            && named == number;
    }

    public static bool IsNamed(IReadOnlyList<string> claims, PhoneNumber number)
    {
        foreach (var claim in claims)
        {
            if (IsNamed(claim, number)) return true;
        }
        return false;
    }
}
