using System.Text.Json;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Registration;

namespace CallTracker.EndToEnd.Tests.Browser;

/// <summary>A page's RTCPeerConnection with its microphone; its SDP is carried by the test.</summary>
internal sealed class BrowserPhone : IAsyncDisposable
{
    public const int ToneHz = 440;

    // What would take a steady tone for noise is switched off.
    private const string Open =
        """
        const sound = await navigator.mediaDevices.getUserMedia({ audio: {
          echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
        window.pc = new RTCPeerConnection();
        sound.getTracks().forEach(track => pc.addTrack(track, sound));
        pc.ontrack = event => {
          const out = document.body.appendChild(document.createElement('audio'));
          out.srcObject = event.streams[0] ?? new MediaStream([event.track]); out.play(); };
        window.gathered = () => new Promise(done => {
          const look = () => pc.iceGatheringState === 'complete' && done();
          pc.onicegatheringstatechange = look; look(); });
        window.until = (state, ms) => new Promise((done, failed) => {
          const look = () => pc.connectionState === state && done(state);
          pc.onconnectionstatechange = look; look();
          setTimeout(() => failed(new Error('still ' + pc.connectionState + '/' + pc.iceConnectionState)), ms); });

        """;

    private readonly Chromium _browser;

    private BrowserPhone(Chromium browser) => _browser = browser;

    public static async Task<BrowserPhone> StartAsync(Product product)
    {
        var sound = Path.Combine(product.NewFolder(), "tone.wav");
        ToneFile.Write(sound, ToneHz, 10);
        var phone = new BrowserPhone(
            await Chromium.StartAsync(product, product.Http.ApiAddress + "healthz", sound));
        await phone._browser.RunAsync(Open);
        return phone;
    }

    /// <summary>Its offer, with all candidates; when asked for, it would see as well as hear.</summary>
    public async Task<string> OfferAsync(bool withVideo = false) => (await _browser.RunAsync(
        (withVideo ? "pc.addTransceiver('video', { direction: 'recvonly' });" : "")
        + "await pc.setLocalDescription(); await gathered(); return pc.localDescription.sdp")).GetString()!;

    /// <summary>Its answer to an offer.</summary>
    public async Task<string> AnswerAsync(string offer) => (await _browser.RunAsync(
        $"await pc.setRemoteDescription({{ type: 'offer', sdp: {JsonSerializer.Serialize(offer)} }});"
        + "await pc.setLocalDescription(); await gathered(); return pc.localDescription.sdp")).GetString()!;

    public Task TakeAnswerAsync(string answer) => _browser.RunAsync(
        $"await pc.setRemoteDescription({{ type: 'answer', sdp: {JsonSerializer.Serialize(answer)} }})");

    /// <summary>Waits until ICE and DTLS are done.</summary>
    public Task ConnectedAsync() => _browser.RunAsync("await until('connected', 15000)");

    /// <summary>What getStats says.</summary>
    public async Task<BrowserStats> StatsAsync() => (await _browser.RunAsync(
        """
        const found = { sent: 0, received: 0, lost: 0, energy: 0, suite: '', dtls: '', reports: 0 };
        (await pc.getStats()).forEach(s => {
          if (s.type === 'outbound-rtp' && s.kind === 'audio') found.sent = s.packetsSent;
          if (s.type === 'inbound-rtp' && s.kind === 'audio') {
            found.received = s.packetsReceived; found.lost = s.packetsLost; found.energy = s.totalAudioEnergy; }
          if (s.type === 'transport') { found.suite = s.srtpCipher; found.dtls = s.dtlsState; }
          if (s.type === 'remote-inbound-rtp') found.reports = 1;
        });
        return found;
        """)).Deserialize<BrowserStats>(JsonSerializerOptions.Web)!;

    public ValueTask DisposeAsync() => _browser.DisposeAsync();
}
