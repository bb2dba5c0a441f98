namespace CallTracker.Sip.Parsing;

/// <summary>
/// Header names, full and compact, and what the parser must know of each kind. Built once at start, read from any
/// thread.
/// </summary>
public static class SipHeaderNames
{
    /// <summary>Number of values of <see cref="SipHeaderKind"/>.</summary>
    public const int KindCount = (int)SipHeaderKind.UserToUser + 1;
    private const int BucketCount = 512;
    private static readonly byte[][] FullNames = new byte[KindCount][];
    private static readonly Name[] Names = new Name[KindCount + 32];
    private static readonly byte[] Buckets = new byte[BucketCount];
    private static int _nameCount = 1;

    static SipHeaderNames()
    {
        Array.Fill(FullNames, []);
        AddMandatory();
        AddDialogAndSession();
        AddIdentity();
        AddDescriptive();
    }

    /// <summary>The full name as written; empty for <see cref="SipHeaderKind.Other"/>.</summary>
    public static ReadOnlySpan<byte> NameOf(SipHeaderKind kind) => FullNames[(int)kind];

    // header-name is a token and case-insensitive (RFC 3261 section 7.3.1); one letter is a compact form (7.3.3).
    public static SipHeaderKind Parse(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return SipHeaderKind.Other;
        for (int i = Buckets[BucketOf(name)]; i != 0; i = Names[i].Next)
        {
            var text = Names[i].Text;
            if (name.SequenceEqual(text) || SipText.EqualsIgnoreCase(name, text)) return Names[i].Kind;
        }
        return SipHeaderKind.Other;
    }

    /// <summary>True where the value is a comma-separated list of addresses or hops, which the parser splits.</summary>
    public static bool IsAddressList(SipHeaderKind kind) => kind is SipHeaderKind.Via or SipHeaderKind.Contact
        or SipHeaderKind.Route or SipHeaderKind.RecordRoute or SipHeaderKind.PAssertedIdentity
        or SipHeaderKind.PPreferredIdentity or SipHeaderKind.Diversion or SipHeaderKind.HistoryInfo
        or SipHeaderKind.Path or SipHeaderKind.ServiceRoute or SipHeaderKind.RemotePartyId;

    /// <summary>True where a second header field of the kind makes the message invalid.</summary>
    public static bool IsSingle(SipHeaderKind kind) => kind is SipHeaderKind.From or SipHeaderKind.To
        or SipHeaderKind.CallId or SipHeaderKind.CSeq or SipHeaderKind.MaxForwards or SipHeaderKind.ContentLength
        or SipHeaderKind.ContentType or SipHeaderKind.Expires or SipHeaderKind.SessionExpires or SipHeaderKind.MinSe
        or SipHeaderKind.RSeq or SipHeaderKind.RAck or SipHeaderKind.Event or SipHeaderKind.ReferTo
        or SipHeaderKind.Replaces;

    private static void AddMandatory()
    {
        Add(SipHeaderKind.Via, "Via"u8, "v"u8);
        Add(SipHeaderKind.From, "From"u8, "f"u8);
        Add(SipHeaderKind.To, "To"u8, "t"u8);
        Add(SipHeaderKind.CallId, "Call-ID"u8, "i"u8);
        Add(SipHeaderKind.CSeq, "CSeq"u8);
        Add(SipHeaderKind.MaxForwards, "Max-Forwards"u8);
        Add(SipHeaderKind.Contact, "Contact"u8, "m"u8);
        Add(SipHeaderKind.Route, "Route"u8);
        Add(SipHeaderKind.RecordRoute, "Record-Route"u8);
        Add(SipHeaderKind.ContentType, "Content-Type"u8, "c"u8);
        Add(SipHeaderKind.ContentLength, "Content-Length"u8, "l"u8);
        Add(SipHeaderKind.Allow, "Allow"u8);
        Add(SipHeaderKind.Supported, "Supported"u8, "k"u8);
        Add(SipHeaderKind.Require, "Require"u8);
        Add(SipHeaderKind.ProxyRequire, "Proxy-Require"u8);
        Add(SipHeaderKind.Unsupported, "Unsupported"u8);
        Add(SipHeaderKind.UserAgent, "User-Agent"u8);
        Add(SipHeaderKind.Server, "Server"u8);
    }

    private static void AddDialogAndSession()
    {
        Add(SipHeaderKind.Expires, "Expires"u8);
        Add(SipHeaderKind.MinExpires, "Min-Expires"u8);
        Add(SipHeaderKind.Reason, "Reason"u8);
        Add(SipHeaderKind.RetryAfter, "Retry-After"u8);
        Add(SipHeaderKind.SessionExpires, "Session-Expires"u8, "x"u8);
        Add(SipHeaderKind.MinSe, "Min-SE"u8);
        Add(SipHeaderKind.RAck, "RAck"u8);
        Add(SipHeaderKind.RSeq, "RSeq"u8);
        Add(SipHeaderKind.ReferTo, "Refer-To"u8, "r"u8);
        Add(SipHeaderKind.ReferredBy, "Referred-By"u8, "b"u8);
        Add(SipHeaderKind.Replaces, "Replaces"u8);
        Add(SipHeaderKind.Event, "Event"u8, "o"u8);
        Add(SipHeaderKind.AllowEvents, "Allow-Events"u8, "u"u8);
        Add(SipHeaderKind.SubscriptionState, "Subscription-State"u8);
        Add(SipHeaderKind.Path, "Path"u8);
        Add(SipHeaderKind.ServiceRoute, "Service-Route"u8);
        Add(SipHeaderKind.UserToUser, "User-to-User"u8);
    }

    private static void AddIdentity()
    {
        Add(SipHeaderKind.PAssertedIdentity, "P-Asserted-Identity"u8);
        Add(SipHeaderKind.PPreferredIdentity, "P-Preferred-Identity"u8);
        Add(SipHeaderKind.RemotePartyId, "Remote-Party-ID"u8);
        Add(SipHeaderKind.Privacy, "Privacy"u8);
        Add(SipHeaderKind.Diversion, "Diversion"u8);
        Add(SipHeaderKind.HistoryInfo, "History-Info"u8);
        Add(SipHeaderKind.Identity, "Identity"u8, "y"u8);
        Add(SipHeaderKind.WwwAuthenticate, "WWW-Authenticate"u8);
        Add(SipHeaderKind.Authorization, "Authorization"u8);
        Add(SipHeaderKind.ProxyAuthenticate, "Proxy-Authenticate"u8);
        Add(SipHeaderKind.ProxyAuthorization, "Proxy-Authorization"u8);
        Add(SipHeaderKind.AuthenticationInfo, "Authentication-Info"u8);
        Add(SipHeaderKind.PChargingVector, "P-Charging-Vector"u8);
        Add(SipHeaderKind.PAccessNetworkInfo, "P-Access-Network-Info"u8);
        Add(SipHeaderKind.PCalledPartyId, "P-Called-Party-ID"u8);
    }

    private static void AddDescriptive()
    {
        Add(SipHeaderKind.Warning, "Warning"u8);
        Add(SipHeaderKind.Date, "Date"u8);
        Add(SipHeaderKind.Subject, "Subject"u8, "s"u8);
        Add(SipHeaderKind.Organization, "Organization"u8);
        Add(SipHeaderKind.Priority, "Priority"u8);
        Add(SipHeaderKind.Accept, "Accept"u8);
        Add(SipHeaderKind.AcceptEncoding, "Accept-Encoding"u8);
        Add(SipHeaderKind.AcceptLanguage, "Accept-Language"u8);
        Add(SipHeaderKind.AcceptContact, "Accept-Contact"u8, "a"u8);
        Add(SipHeaderKind.RejectContact, "Reject-Contact"u8, "j"u8);
        Add(SipHeaderKind.RequestDisposition, "Request-Disposition"u8, "d"u8);
        Add(SipHeaderKind.AlertInfo, "Alert-Info"u8);
        Add(SipHeaderKind.CallInfo, "Call-Info"u8);
        Add(SipHeaderKind.ErrorInfo, "Error-Info"u8);
        Add(SipHeaderKind.ContentEncoding, "Content-Encoding"u8, "e"u8);
        Add(SipHeaderKind.ContentDisposition, "Content-Disposition"u8);
        Add(SipHeaderKind.ContentLanguage, "Content-Language"u8);
        Add(SipHeaderKind.MimeVersion, "MIME-Version"u8);
        Add(SipHeaderKind.Timestamp, "Timestamp"u8);
        Add(SipHeaderKind.InReplyTo, "In-Reply-To"u8);
        Add(SipHeaderKind.ReplyTo, "Reply-To"u8);
    }

    private static void Add(SipHeaderKind kind, ReadOnlySpan<byte> full, ReadOnlySpan<byte> compact = default)
    {
        FullNames[(int)kind] = full.ToArray();
        AddName(kind, full);
        if (!compact.IsEmpty) AddName(kind, compact);
    }

    private static void AddName(SipHeaderKind kind, ReadOnlySpan<byte> text)
    {
        ref var bucket = ref Buckets[BucketOf(text)];
        Names[_nameCount] = new Name(text.ToArray(), kind, bucket);
        bucket = (byte)_nameCount++;
    }

    // Length, first, middle and last letter tell nearly all names apart; bit 0x20 makes letters lower case.
    private static int BucketOf(ReadOnlySpan<byte> name)
    {
        var first = name[0] | 0x20;
        var middle = name[name.Length / 2] | 0x20;
        var last = name[^1] | 0x20;
        return ((name.Length * 7) + (first * 31) + (middle * 131) + (last * 17)) & (BucketCount - 1);
    }

    private readonly record struct Name(byte[] Text, SipHeaderKind Kind, byte Next);
}
