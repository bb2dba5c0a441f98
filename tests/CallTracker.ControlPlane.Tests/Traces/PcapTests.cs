using System.Diagnostics;
using System.Net;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Traces;

/// <summary>/v1/calls/{trn_id}/pcap, read by the tools that carriers read it with.</summary>
public sealed class PcapTests(Stack stack)
{
    [Theory]
    [InlineData("192.0.2.9:5060", "192.0.2.1:5071", "192.0.2.80:5080", "ip")]
    [InlineData("[2001:db8::9]:5060", "[2001:db8::1]:5071", "[2001:db8::80]:5080", "ipv6")]
    [InlineData("[2001:db8::9]:5060", "192.0.2.1:5071", "[2001:db8::80]:5080", "ipv6")]
    public async Task Capture_OfACall_IsReadByTsharkAndCapinfos(
        string local, string carrier, string shop, string family)
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = tenant.TrnId("pcap");
        var messages = TraceShipment.Busy().Select(m => m with { Remote = m.Attempt == 0 ? carrier : shop });
        await TraceShipment.ShipAsync(stack, tenant.OperatorId, trnId, messages, local: local);
        var file = await SaveAsync(tenant, trnId);
        try
        {
            (await ToolAsync("capinfos", "-Tmc", "-c", file)).ShouldContain(",7");
            var lines = (await ToolAsync("tshark", "-r", file, "-o", "udp.check_checksum:TRUE",
                "-o", "ip.check_checksum:TRUE", "-T", "fields", "-E", "separator=;", "-e", "frame.time_epoch",
                "-e", "udp.srcport", "-e", "udp.checksum.status", "-e", "sip.Method", "-e", "sip.Status-Code",
                "-e", "_ws.malformed")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Length.ShouldBe(7);
            lines[0].ShouldBe("1788224400.135000000;5071;1;INVITE;;");
            lines[2].ShouldBe("1788224400.159000000;5060;1;INVITE;;");
            lines[4].ShouldBe("1788224400.183000000;5080;1;;486;");
            lines.ShouldAllBe(line => line.Split(';')[2] == "1" && line.EndsWith(';'));
            (await ToolAsync("tshark", "-r", file, "-q", "-z", "io,phs")).ShouldContain($"{family} ");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> SaveAsync(Tenant tenant, string trnId)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(tenant.Stack.Address, $"/v1/calls/{trnId}/pcap"));
        request.Headers.Authorization = new("Bearer", tenant.Admin.Key);
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.tcpdump.pcap");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe(trnId + ".pcap");
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, await answer.Content.ReadAsByteArrayAsync());
        return file;
    }

    private static async Task<string> ToolAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return text;
    }
}
