using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.TestKit.Servers;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>Trunks with users and passwords, and the scenarios that use them. Stateless.</summary>
internal static class Accounts
{
    public const string Secret = "pw-e2e-1";

    /// <summary>A scenario file of this folder with the user filled in.</summary>
    public static string Scenario(string name, string user, string secret = Secret) => File
        .ReadAllText(Path.Combine(RepositoryPaths.Root, "tests/CallTracker.EndToEnd.Tests/Registration", name + ".xml"))
        .Replace("@USER@", user, StringComparison.Ordinal).Replace("@SECRET@", secret, StringComparison.Ordinal);

    /// <summary>Gives the trunk of a line's shop a user, with whom the shop challenges us.</summary>
    public static async Task GiveUserAsync(this Product product, Line line, string user, string secret = Secret)
    {
        await product.Http.WriteAsync(
            HttpMethod.Patch, "/v1/trunks/e2e-" + line.Destinations[0], new { username = user, secret });
        await product.ChangeSeenAsync();
    }

    /// <summary>A trunk that registers with us.</summary>
    public static async Task AddPhoneAsync(this Product product, string user, params string[] prefixes)
    {
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "e2e-" + user,
            name = "phone " + user,
            username = user,
            secret = Secret,
            accepts_registration = true,
            prefixes,
            inbound_from = Array.Empty<string>(),
        });
        await product.ChangeSeenAsync();
    }

    /// <summary>
    /// The same over TLS, with SRTP alone. Connections of strangers are closed, so its address is known as well.
    /// </summary>
    public static async Task AddSecurePhoneAsync(this Product product, string user, params string[] prefixes)
    {
        await product.AddPhoneAsync(user, prefixes);
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/e2e-" + user, new
        {
            transport = "tls",
            srtp = "required",
            inbound_from = new[] { "127.0.0.1" },
            challenge_inbound = true,
            probe_sec = 0,
        });
        await product.ChangeSeenAsync();
    }

    public static async Task RemoveTrunkAsync(this Product product, string trunkId)
    {
        await product.Http.SendAsync(HttpMethod.Delete, "/v1/trunks/" + trunkId);
        await product.ChangeSeenAsync();
    }
}
