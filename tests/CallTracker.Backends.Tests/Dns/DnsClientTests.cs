using System.Diagnostics;
using System.Net;
using CallTracker.Backends.Dns;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Dns;

/// <summary>Questions to scripted servers on loopback.</summary>
public sealed class DnsClientTests
{
    private static readonly DnsOptions Quick = new() { AnswerMsMax = 300, RoundsMax = 2 };

    [Fact]
    public async Task Ask_AnAddress_IsAnsweredByUdp()
    {
        await using var server = new DnsServer();
        server.Address("gw.example.jp", "192.0.2.7", 33);
        var answer = await AskAsync([server], "gw.example.jp");
        answer.Status.ShouldBe(DnsStatus.Answered);
        var record = answer.Records.ShouldHaveSingleItem();
        (record.Address, record.TtlSec).ShouldBe((IPAddress.Parse("192.0.2.7"), 33));
        (await AskAsync([server], "no.example.jp")).Status.ShouldBe(DnsStatus.NoSuchName);
    }

    [Fact]
    public async Task Ask_WhatDoesNotFitADatagram_IsAskedByTcp()
    {
        await using var server = new DnsServer { Truncates = true };
        for (var i = 0; i < 40; i++) server.Address("gw.example.jp", $"192.0.2.{i}");
        (await AskAsync([server], "gw.example.jp")).Records.Count.ShouldBe(40);
        server.Asked.ShouldBe(["gw.example.jp 1", "gw.example.jp 1 tcp"]);
    }

    [Fact]
    public async Task Ask_FirstServerSilentOrFailing_TheSecondAnswers()
    {
        await using var first = new DnsServer { IsSilent = true };
        await using var second = new DnsServer();
        second.Address("gw.example.jp", "192.0.2.7");
        (await AskAsync([first, second], "gw.example.jp")).Records.Count.ShouldBe(1);
        (first.IsSilent, first.Code) = (false, 2);
        (await AskAsync([first, second], "gw.example.jp")).Records.Count.ShouldBe(1);
        first.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Ask_NobodyThere_FailsInTime()
    {
        await using var server = new DnsServer { IsSilent = true };
        var watch = Stopwatch.StartNew();
        (await AskAsync([server], "gw.example.jp")).Status.ShouldBe(DnsStatus.Failed);
        watch.ElapsedMilliseconds.ShouldBeInRange(500, 3000);
        (await new DnsClient([], Quick).AskAsync("gw.example.jp", DnsType.A, default)).Status
            .ShouldBe(DnsStatus.Failed);
        // A port where nobody listens: ICMP ends it at once.
        var closed = new IPEndPoint(IPAddress.Loopback, 1);
        (await new DnsClient([closed], Quick).AskAsync("gw.example.jp", DnsType.A, default)).Status
            .ShouldBe(DnsStatus.Failed);
    }

    [Fact]
    public async Task Ask_ForgedAnswersFirst_TheRightOneCounts()
    {
        await using var server = new DnsServer();
        server.Address("gw.example.jp", "192.0.2.7");
        server.Corrupts = (_, answer) =>
        [
            [], [1, 2, 3], Changed(answer, 0), Changed(answer, 1), Changed(answer, 15), answer[..20], answer,
        ];
        (await AskAsync([server], "gw.example.jp")).Records.ShouldHaveSingleItem()
            .Address.ShouldBe(IPAddress.Parse("192.0.2.7"));
    }

    [Fact]
    public async Task Ask_ManyTimes_EachHasAnIdAndAPortOfItsOwn()
    {
        await using var server = new DnsServer();
        var ids = new HashSet<int>();
        server.Corrupts = (question, answer) =>
        {
            ids.Add((question[0] << 8) | question[1]);
            return [answer];
        };
        for (var i = 0; i < 30; i++) await AskAsync([server], "gw.example.jp");
        ids.Count.ShouldBeGreaterThan(25);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:53")]
    [InlineData("192.0.2.1:5353, 2001:db8::1", "192.0.2.1:5353 [2001:db8::1]:53")]
    [InlineData("1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4", "1.1.1.1:53 2.2.2.2:53 3.3.3.3:53")]
    [InlineData("nonsense", "")]
    public void Servers_OfASetting_AreRead(string setting, string expected) =>
        string.Join(' ', DnsServerList.Of(setting)).ShouldBe(expected);

    [Fact]
    public void Servers_OfAResolverFile_AreRead() => string.Join(' ', DnsServerList.FromResolverFile(
        ["# nameserver 9.9.9.9", "search example.jp", "nameserver 192.0.2.1", "nameserver\t::1 # v6", "nameserver"]))
        .ShouldBe("192.0.2.1:53 [::1]:53");

    [Fact]
    public void HostsFile_OfAName_HasItsAddresses()
    {
        var path = Path.GetTempFileName();
        File.WriteAllLines(path,
            ["127.0.0.1 localhost", "192.0.2.1\tgw GW.example.jp # gw2", "2001:db8::1 gw", "bad gw", "192.0.2.9"]);
        HostsFile.Find(path, "gw").Select(a => a.ToString()).ShouldBe(["192.0.2.1", "2001:db8::1"]);
        HostsFile.Find(path, "gw.EXAMPLE.jp").Count.ShouldBe(1);
        HostsFile.Find(path, "gw2").ShouldBeEmpty();
        HostsFile.Find(path + ".none", "gw").ShouldBeEmpty();
        File.Delete(path);
    }

    private static Task<DnsAnswer> AskAsync(DnsServer[] servers, string name)
    {
        var addresses = servers.Select(s => new IPEndPoint(IPAddress.Loopback, s.Port)).ToArray();
        return new DnsClient(addresses, Quick).AskAsync(name, DnsType.A, TestContext.Current.CancellationToken);
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        byte[] copy = [.. bytes];
        copy[at] ^= 0x20;
        copy[at] ^= 0x01;
        return copy;
    }
}
