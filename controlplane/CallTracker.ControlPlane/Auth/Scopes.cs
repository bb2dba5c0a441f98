namespace CallTracker.ControlPlane.Auth;

/// <summary>What an API key may be allowed to do. <see cref="Admin"/> implies all others. Stateless.</summary>
internal static class Scopes
{
    public const string Admin = "admin";
    public const string CallsRead = "calls:read";
    public const string NumbersRead = "numbers:read";
    public const string NumbersWrite = "numbers:write";
    public const string TrunksRead = "trunks:read";
    public const string TrunksWrite = "trunks:write";
    public const string TracesRead = "traces:read";
    /// <summary>Have SIP messages kept; reading them needs <see cref="PiiRead"/>.</summary>
    public const string TracesWrite = "traces:write";
    public const string JudgeRead = "judge:read";
    public const string JudgeWrite = "judge:write";
    /// <summary>See callers' numbers in clear.</summary>
    public const string PiiRead = "pii:read";
    /// <summary>Listen to calls.</summary>
    public const string RecordingsRead = "recordings:read";
    /// <summary>Delete recordings; gives no right to listen.</summary>
    public const string RecordingsDelete = "recordings:delete";
    /// <summary>
    /// Pause and resume the recording of a call that is up, note the consent; gives no right to listen.
    /// </summary>
    public const string RecordingsControl = "recordings:control";
    public const string KeysWrite = "keys:write";

    public static IReadOnlyList<string> All { get; } =
    [
        Admin, CallsRead, NumbersRead, NumbersWrite, TrunksRead, TrunksWrite, JudgeRead, JudgeWrite, PiiRead, KeysWrite,
        TracesRead, TracesWrite, RecordingsRead, RecordingsDelete, RecordingsControl,
    ];

    /// <summary>True when <paramref name="held"/> allows <paramref name="wanted"/>; writing implies reading.</summary>
    public static bool Allow(IReadOnlyList<string> held, string wanted) =>
        held.Contains(wanted, StringComparer.Ordinal)
        || held.Contains(Admin, StringComparer.Ordinal)
        || (wanted.EndsWith(":read", StringComparison.Ordinal) && wanted != PiiRead
            && held.Contains(wanted.Replace(":read", ":write", StringComparison.Ordinal), StringComparer.Ordinal));
}
