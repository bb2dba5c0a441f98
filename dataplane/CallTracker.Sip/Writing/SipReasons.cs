namespace CallTracker.Sip.Writing;

/// <summary>Reason phrases by status code (RFC 3261 section 21 and its extensions). Stateless.</summary>
public static class SipReasons
{
    /// <summary>The usual phrase, or the name of the class for codes without one.</summary>
    public static ReadOnlySpan<byte> Of(int code) => (code / 100) switch
    {
        1 => Provisional(code),
        2 => Success(code),
        3 => Redirection(code),
        4 => code < 430 ? RequestFailure(code) : LaterRequestFailure(code),
        5 => ServerFailure(code),
        _ => GlobalFailure(code),
    };

    private static ReadOnlySpan<byte> Provisional(int code) => code switch
    {
        100 => "Trying"u8,
        180 => "Ringing"u8,
        181 => "Call Is Being Forwarded"u8,
        182 => "Queued"u8,
        183 => "Session Progress"u8,
        199 => "Early Dialog Terminated"u8,
        _ => "Progress"u8,
    };

    private static ReadOnlySpan<byte> Success(int code) => code switch
    {
        202 => "Accepted"u8,
        204 => "No Notification"u8,
        _ => "OK"u8,
    };

    private static ReadOnlySpan<byte> Redirection(int code) => code switch
    {
        300 => "Multiple Choices"u8,
        301 => "Moved Permanently"u8,
        302 => "Moved Temporarily"u8,
        305 => "Use Proxy"u8,
        380 => "Alternative Service"u8,
        _ => "Redirection"u8,
    };

    private static ReadOnlySpan<byte> RequestFailure(int code) => code switch
    {
        400 => "Bad Request"u8,
        401 => "Unauthorized"u8,
        402 => "Payment Required"u8,
        403 => "Forbidden"u8,
        404 => "Not Found"u8,
        405 => "Method Not Allowed"u8,
        406 => "Not Acceptable"u8,
        407 => "Proxy Authentication Required"u8,
        408 => "Request Timeout"u8,
        410 => "Gone"u8,
        412 => "Conditional Request Failed"u8,
        413 => "Request Entity Too Large"u8,
        414 => "Request-URI Too Long"u8,
        415 => "Unsupported Media Type"u8,
        416 => "Unsupported URI Scheme"u8,
        420 => "Bad Extension"u8,
        421 => "Extension Required"u8,
        422 => "Session Interval Too Small"u8,
        423 => "Interval Too Brief"u8,
        428 => "Use Identity Header"u8,
        429 => "Provide Referrer Identity"u8,
        _ => "Request Failure"u8,
    };

    private static ReadOnlySpan<byte> LaterRequestFailure(int code) => code switch
    {
        433 => "Anonymity Disallowed"u8,
        436 => "Bad Identity-Info"u8,
        437 => "Unsupported Certificate"u8,
        438 => "Invalid Identity Header"u8,
        469 => "Bad Info Package"u8,
        480 => "Temporarily Unavailable"u8,
        481 => "Call/Transaction Does Not Exist"u8,
        482 => "Loop Detected"u8,
        483 => "Too Many Hops"u8,
        484 => "Address Incomplete"u8,
        485 => "Ambiguous"u8,
        486 => "Busy Here"u8,
        487 => "Request Terminated"u8,
        488 => "Not Acceptable Here"u8,
        489 => "Bad Event"u8,
        491 => "Request Pending"u8,
        493 => "Undecipherable"u8,
        494 => "Security Agreement Required"u8,
        _ => "Request Failure"u8,
    };

    private static ReadOnlySpan<byte> ServerFailure(int code) => code switch
    {
        500 => "Server Internal Error"u8,
        501 => "Not Implemented"u8,
        502 => "Bad Gateway"u8,
        503 => "Service Unavailable"u8,
        504 => "Server Time-out"u8,
        505 => "Version Not Supported"u8,
        513 => "Message Too Large"u8,
        580 => "Precondition Failure"u8,
        _ => "Server Failure"u8,
    };

    private static ReadOnlySpan<byte> GlobalFailure(int code) => code switch
    {
        600 => "Busy Everywhere"u8,
        603 => "Decline"u8,
        604 => "Does Not Exist Anywhere"u8,
        606 => "Not Acceptable"u8,
        607 => "Unwanted"u8,
        608 => "Rejected"u8,
        _ => "Global Failure"u8,
    };
}
