using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Dialogs;

/// <summary>The value of Session-Expires (RFC 4028 section 4), and of Min-SE, which is alike. Plain value.</summary>
/// <param name="Sec">Seconds; at most <see cref="SecMax"/>.</param>
/// <param name="Refresher">Who keeps the session alive.</param>
public readonly record struct SessionExpiresValue(int Sec, SessionRefresher Refresher)
{
    /// <summary>A longer interval is read as this one: a month is as good as never.</summary>
    public const int SecMax = 30 * 86_400;

    // Session-Expires = ( "Session-Expires" / "x" ) HCOLON delta-seconds *(SEMI se-params)
    public static bool TryParse(ReadOnlySpan<byte> value, out SessionExpiresValue expires)
    {
        expires = default;
        var semicolon = value.IndexOf((byte)';');
        var number = SipText.Trim(semicolon < 0 ? value : value[..semicolon]);
        var parameters = new SipParameters(semicolon < 0 ? default : value[semicolon..]);
        if (!SipText.TryReadNumber(number, uint.MaxValue, out var sec) || !parameters.IsWellFormed()) return false;
        expires = new SessionExpiresValue((int)Math.Min(sec, SecMax), RefresherOf(parameters));
        return true;
    }

    private static SessionRefresher RefresherOf(in SipParameters parameters)
    {
        if (!parameters.TryGet("refresher"u8, out var who)) return SessionRefresher.None;
        if (SipText.EqualsIgnoreCase(who, "uac"u8)) return SessionRefresher.Uac;
        return SipText.EqualsIgnoreCase(who, "uas"u8) ? SessionRefresher.Uas : SessionRefresher.None;
    }
}
