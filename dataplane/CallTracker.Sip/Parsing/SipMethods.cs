namespace CallTracker.Sip.Parsing;

/// <summary>Method names as bytes. Stateless. Methods are case-sensitive (RFC 3261 section 7.1).</summary>
public static class SipMethods
{
    // Method = INVITEm / ACKm / OPTIONSm / BYEm / CANCELm / REGISTERm / extension-method
    public static SipMethod Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 3 or > 9) return SipMethod.Unknown;
        var candidate = text[0] switch
        {
            (byte)'I' => text.Length == 6 ? SipMethod.Invite : SipMethod.Info,
            (byte)'A' => SipMethod.Ack,
            (byte)'B' => SipMethod.Bye,
            (byte)'C' => SipMethod.Cancel,
            (byte)'O' => SipMethod.Options,
            (byte)'P' => text.Length == 5 ? SipMethod.Prack : SipMethod.Publish,
            (byte)'U' => SipMethod.Update,
            (byte)'R' => text.Length == 5 ? SipMethod.Refer : SipMethod.Register,
            (byte)'S' => SipMethod.Subscribe,
            (byte)'N' => SipMethod.Notify,
            (byte)'M' => SipMethod.Message,
            _ => SipMethod.Unknown,
        };
        return text.SequenceEqual(NameOf(candidate)) ? candidate : SipMethod.Unknown;
    }

    /// <summary>The name on the wire; empty for <see cref="SipMethod.Unknown"/>.</summary>
    public static ReadOnlySpan<byte> NameOf(SipMethod method) => method switch
    {
        SipMethod.Invite => "INVITE"u8,
        SipMethod.Ack => "ACK"u8,
        SipMethod.Bye => "BYE"u8,
        SipMethod.Cancel => "CANCEL"u8,
        SipMethod.Options => "OPTIONS"u8,
        SipMethod.Info => "INFO"u8,
        SipMethod.Prack => "PRACK"u8,
        SipMethod.Update => "UPDATE"u8,
        SipMethod.Register => "REGISTER"u8,
        SipMethod.Subscribe => "SUBSCRIBE"u8,
        SipMethod.Notify => "NOTIFY"u8,
        SipMethod.Refer => "REFER"u8,
        SipMethod.Message => "MESSAGE"u8,
        SipMethod.Publish => "PUBLISH"u8,
        _ => default,
    };
}
