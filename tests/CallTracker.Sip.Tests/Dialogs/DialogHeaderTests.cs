using System.Text;
using CallTracker.Sip.Dialogs;

namespace CallTracker.Sip.Tests.Dialogs;

/// <summary>RAck and Session-Expires as they come from networks.</summary>
public sealed class DialogHeaderTests
{
    [Theory]
    [InlineData("776656 1 INVITE", 776656u, 1u, true)]
    [InlineData("1   2\tINVITE", 1u, 2u, true)]
    [InlineData("4294967295 4294967295 INVITE", uint.MaxValue, uint.MaxValue, true)]
    [InlineData("1 2 UPDATE", 1u, 2u, false)]
    [InlineData("1 2 invite", 1u, 2u, false)]
    public void RAck_WellFormed_IsRead(string text, uint rseq, uint cseq, bool isInvite)
    {
        RAckValue.TryParse(Encoding.ASCII.GetBytes(text), out var value).ShouldBeTrue();
        value.ShouldBe(new RAckValue(rseq, cseq, isInvite));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 2")]
    [InlineData("1 2 ")]
    [InlineData("1 INVITE")]
    [InlineData("-1 2 INVITE")]
    [InlineData("4294967296 2 INVITE")]
    [InlineData("1 2 INVITE extra")]
    [InlineData("1,2 INVITE")]
    public void RAck_Malformed_IsRefused(string text) =>
        RAckValue.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("1800", 1800, SessionRefresher.None)]
    [InlineData("1800;refresher=uac", 1800, SessionRefresher.Uac)]
    [InlineData("1800 ; other=1 ; Refresher = UAS", 1800, SessionRefresher.Uas)]
    [InlineData("90;refresher=me", 90, SessionRefresher.None)]
    [InlineData("4294967295", SessionExpiresValue.SecMax, SessionRefresher.None)]
    public void SessionExpires_WellFormed_IsRead(string text, int sec, SessionRefresher refresher)
    {
        SessionExpiresValue.TryParse(Encoding.ASCII.GetBytes(text), out var value).ShouldBeTrue();
        value.ShouldBe(new SessionExpiresValue(sec, refresher));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-90")]
    [InlineData("99999999999")]
    [InlineData("90;refresher=\"uac")]
    [InlineData("90 uac")]
    public void SessionExpires_Malformed_IsRefused(string text) =>
        SessionExpiresValue.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();
}
