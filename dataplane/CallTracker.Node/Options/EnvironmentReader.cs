using System.Globalization;
using System.Net;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Node.Options;

/// <summary>
/// Reads settings by name, each with its default and its bounds; a bad one throws <see cref="OptionException"/>.
/// </summary>
internal sealed class EnvironmentReader(Func<string, string?> read)
{
    public string Text(string name, string fallback)
    {
        var value = read(name);
        return string.IsNullOrWhiteSpace(value) ? fallback : value.Trim();
    }

    /// <summary>Letters, digits, dots, dashes and underscores.</summary>
    public string Word(string name, string fallback)
    {
        var value = Text(name, fallback);
        return value.Length <= 64 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? value
            : throw new OptionException($"{name} must be one word of letters, digits, dots, dashes or underscores.");
    }

    /// <summary>One of the given words, the first by default.</summary>
    public string Choice(string name, params string[] choices)
    {
        var value = Text(name, choices[0]);
        return choices.Contains(value, StringComparer.Ordinal)
            ? value
            : throw new OptionException($"{name} must be one of {string.Join(", ", choices)}.");
    }

    public int Port(string name, int fallback) => Number(name, fallback, 1, 65535);

    public int Number(string name, int fallback, int min, int max)
    {
        var text = Text(name, fallback.ToString(CultureInfo.InvariantCulture));
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        return isNumber && value >= min && value <= max
            ? value
            : throw new OptionException($"{name} must be a number from {min} to {max}.");
    }

    public (int First, int Last) Ports(string name, int first, int last)
    {
        var parts = Text(name, $"{first}-{last}").Split('-');
        if (parts.Length != 2 || !int.TryParse(parts[0], out var from) || !int.TryParse(parts[1], out var to))
            throw new OptionException($"{name} must be two ports like 20000-29999.");
        return from is >= 1024 and < 65535 && to > from && to <= 65535
            ? (from, to)
            : throw new OptionException($"{name} must lie between 1024 and 65535, the first port before the last.");
    }

    /// <summary>One IP address, or one of each version with a comma between.</summary>
    public IReadOnlyList<IPAddress> Addresses(string name, IReadOnlyList<IPAddress> fallback)
    {
        var text = Text(name, "");
        if (text.Length == 0) return fallback;
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var addresses = new List<IPAddress>();
        foreach (var part in parts)
        {
            if (IPAddress.TryParse(part.Trim('[', ']'), out var address)) addresses.Add(address);
        }
        var isPair = addresses.Count == 2 && addresses[0].AddressFamily != addresses[1].AddressFamily;
        return addresses.Count == parts.Length && (addresses.Count == 1 || isPair)
            ? addresses
            : throw new OptionException($"{name} must be an IP address, or one of each IP version with a comma.");
    }

    /// <summary>Addresses with or without a port, separated by commas; empty when there are none.</summary>
    public string Endpoints(string name)
    {
        var text = Text(name, "");
        var isGood = text.Length == 0 || Array.TrueForAll(text.Split(','), t => IPEndPoint.TryParse(t.Trim(), out _));
        return isGood ? text : throw new OptionException($"{name} must be addresses like 192.0.2.53:53, with commas.");
    }

    public Uri Url(string name, int port) =>
        Uri.TryCreate(Text(name, $"http://127.0.0.1:{port}/"), UriKind.Absolute, out var url)
            ? url
            : throw new OptionException($"{name} must be a URL.");

    /// <summary>Where finished recordings go beside the folder; null: nowhere.</summary>
    public RecordingBucketOptions? Bucket()
    {
        try
        {
            return RecordingBucketOptions.FromEnvironment(read);
        }
        catch (FormatException e)
        {
            throw new OptionException(e.Message);
        }
    }

    /// <summary>A full path; null when it is not set.</summary>
    public string? Path(string name) =>
        Text(name, "") is { Length: > 0 } text ? System.IO.Path.GetFullPath(text) : null;

    /// <summary>Null when it is not set.</summary>
    public Uri? OptionalUrl(string name)
    {
        if (Text(name, "") is not { Length: > 0 } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url)
            ? url
            : throw new OptionException($"{name} must be a URL.");
    }
}
