using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Registration;

/// <summary>The running product registers with a carrier.</summary>
[Collection(ProductCollection.Name)]
public sealed class RegistrationTests(Product product)
{
    private const string Challenge = "WWW-Authenticate: Digest realm=\"carrier\",algorithm=MD5,qop=\"auth\",nonce=\"";

    [Fact]
    public async Task Carrier_WithMinExpiresAndAStaleNonce_IsRegisteredWithUntilTheTrunkGoes()
    {
        var port = product.NextPeerPort();
        using var registrar = new ScriptedRegistrar(port);
        await AddTrunkAsync(port);

        var first = await registrar.ReceiveAsync();
        ScriptedRegistrar.Field(first, "Expires").ShouldBe("60");
        await registrar.AnswerAsync(first, "423 Interval Too Brief", "Min-Expires: 120\r\n");
        var second = await registrar.ReceiveAsync();
        ScriptedRegistrar.Field(second, "Expires").ShouldBe("120");
        await registrar.AnswerAsync(second, "401 Unauthorized", $"{Challenge}one\"\r\n");
        var third = await registrar.ReceiveAsync();
        ScriptedRegistrar.Proves(third, "one", Accounts.Secret).ShouldBeTrue(third);
        await registrar.AnswerAsync(third, "401 Unauthorized", $"{Challenge}two\",stale=true\r\n");
        var fourth = await registrar.ReceiveAsync();
        ScriptedRegistrar.Proves(fourth, "two", Accounts.Secret).ShouldBeTrue(fourth);
        (await RegisteredAsync()).ShouldBe(0);
        var contact = ScriptedRegistrar.Field(fourth, "Contact");
        contact.ShouldBe($"<sip:node@127.0.0.1:{product.SipPort}>");
        await registrar.AnswerAsync(fourth, "200 OK", $"Contact: {contact};expires=2\r\n");
        await Wait.UntilAsync("registered", 5000, async () => await RegisteredAsync() == 1);

        var refresh = await registrar.ReceiveAsync();
        ScriptedRegistrar.Field(refresh, "Call-ID").ShouldBe(ScriptedRegistrar.Field(first, "Call-ID"));
        ScriptedRegistrar.Proves(refresh, "two", Accounts.Secret).ShouldBeTrue(refresh);
        await registrar.AnswerAsync(refresh, "200 OK", $"Contact: {contact};expires=120\r\n");
        await product.RemoveTrunkAsync("e2e-registrar");
        var last = await registrar.ReceiveAsync();
        ScriptedRegistrar.Field(last, "Expires").ShouldBe("0");
        await registrar.AnswerAsync(last, "200 OK");
        await Wait.UntilAsync("gone", 5000, async () =>
            !(await product.Http.NodePageAsync("/metrics"))
                .Contains("trunk=\"e2e-registrar\"", StringComparison.Ordinal));
    }

    private Task<double> RegisteredAsync() =>
        product.NodeMetricAsync("calltracker_trunk_registered{trunk=\"e2e-registrar\"}");

    private Task AddTrunkAsync(int port) => product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
    {
        trunk_id = "e2e-registrar",
        name = "registrar",
        address = $"127.0.0.1:{port}",
        username = "node",
        secret = Accounts.Secret,
        register = true,
        register_expires_sec = 60,
        prefixes = Array.Empty<string>(),
        inbound_from = Array.Empty<string>(),
    });
}
