namespace CallTracker.Node.Prompts;

/// <summary>The log lines about prompts, with their event ids (1200 and up).</summary>
internal static partial class PromptLogMessages
{
    [LoggerMessage(1200, LogLevel.Information, "Prompt {Id} can be played: {Seconds} s.")]
    public static partial void Taken(ILogger logger, string id, double seconds);

    [LoggerMessage(1201, LogLevel.Warning, "The prompt file {File} is not used: {Reason}.")]
    public static partial void Refused(ILogger logger, string file, string reason);
}
