using System.Text;

namespace CallTracker.Contracts.Recordings;

/// <summary>
/// Where finished recordings go in an S3-compatible store, and with which key. Both planes read the same variables.
/// Immutable; its text names no secret.
/// </summary>
public sealed record RecordingBucketOptions
{
    /// <summary>Scheme, host and port of the store.</summary>
    public required Uri Address { get; init; }
    public required string Bucket { get; init; }
    /// <summary>What objects' names begin with: empty, or ends with a slash.</summary>
    public string Prefix { get; init; } = "";
    /// <summary>The region that requests are signed for.</summary>
    public string Region { get; init; } = "us-east-1";
    public required string AccessKey { get; init; }
    public required string SecretKey { get; init; }

    /// <summary>
    /// Reads CALLTRACKER_S3_URL (https://host/bucket/prefix), _REGION, _ACCESS_KEY and _SECRET_KEY; null when there is
    /// no URL.
    /// </summary>
    /// <exception cref="FormatException">A variable is bad; the text names it and never its value.</exception>
    public static RecordingBucketOptions? FromEnvironment(Func<string, string?> variable)
    {
        if (Given(variable, "CALLTRACKER_S3_URL") is not { } text) return null;
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        var path = isUrl ? url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) : [];
        if (path.Length == 0 || url!.UserInfo.Length > 0 || url.Query.Length > 0)
        {
            throw new FormatException(
                "CALLTRACKER_S3_URL must be like https://host/bucket or https://host/bucket/prefix.");
        }
        return new RecordingBucketOptions
        {
            Address = new Uri(url.GetLeftPart(UriPartial.Authority)),
            Bucket = path[0],
            Prefix = string.Concat(path.Skip(1).Select(part => part + "/")),
            Region = Given(variable, "CALLTRACKER_S3_REGION") ?? "us-east-1",
            AccessKey = Needed(variable, "CALLTRACKER_S3_ACCESS_KEY"),
            SecretKey = Needed(variable, "CALLTRACKER_S3_SECRET_KEY"),
        };
    }

    // What ToString shows.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Address = ").Append(Address).Append(", Bucket = ").Append(Bucket);
        return true;
    }

    private static string Needed(Func<string, string?> variable, string name) =>
        Given(variable, name) ?? throw new FormatException($"{name} must be set where CALLTRACKER_S3_URL is.");

    private static string? Given(Func<string, string?> variable, string name) =>
        string.IsNullOrWhiteSpace(variable(name)) ? null : variable(name)!.Trim();
}
