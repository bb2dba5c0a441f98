using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Identity;

/// <summary>Reads the Privacy header. Stateless.</summary>
internal static class PrivacyHeader
{
    /// <summary>All wishes of all Privacy lines.</summary>
    public static PrivacyWish Read(SipMessage message)
    {
        var wish = PrivacyWish.Unsaid;
        for (var i = 0; i < message.Count(SipHeaderKind.Privacy); i++)
            wish |= Read(message.Header(SipHeaderKind.Privacy, i));
        return wish;
    }

    // Privacy-hdr = "Privacy" HCOLON priv-value *(";" priv-value); some senders put commas.
    private static PrivacyWish Read(ReadOnlySpan<byte> value)
    {
        var wish = PrivacyWish.Unsaid;
        while (!value.IsEmpty)
        {
            var end = value.IndexOfAny((byte)';', (byte)',');
            var one = SipText.Trim(end < 0 ? value : value[..end]);
            if (!one.IsEmpty) wish |= WishOf(one);
            value = end < 0 ? default : value[(end + 1)..];
        }
        return wish;
    }

    private static PrivacyWish WishOf(ReadOnlySpan<byte> text)
    {
        if (SipText.EqualsIgnoreCase(text, "id"u8)) return PrivacyWish.Id;
        if (SipText.EqualsIgnoreCase(text, "user"u8)) return PrivacyWish.User;
        if (SipText.EqualsIgnoreCase(text, "header"u8)) return PrivacyWish.Header;
        if (SipText.EqualsIgnoreCase(text, "session"u8)) return PrivacyWish.Session;
        if (SipText.EqualsIgnoreCase(text, "history"u8)) return PrivacyWish.History;
        if (SipText.EqualsIgnoreCase(text, "none"u8)) return PrivacyWish.Nothing;
        return SipText.EqualsIgnoreCase(text, "critical"u8) ? PrivacyWish.Critical : PrivacyWish.Other;
    }
}
