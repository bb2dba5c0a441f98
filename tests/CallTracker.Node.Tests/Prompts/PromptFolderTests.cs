using System.Buffers.Binary;
using CallTracker.Media.Playback;
using CallTracker.Node.Prompts;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Prompts;

/// <summary>The store follows the folder: files come, change, break and go.</summary>
public sealed class PromptFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calltracker-prompts-").FullName;
    private readonly PromptStore _store = new(bytesMax: 175_000);
    private readonly PromptFolder _prompts;

    public PromptFolderTests() => _prompts = new PromptFolder(_folder, _store, NullLogger.Instance);

    public void Dispose()
    {
        _prompts.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, true);
    }

    [Fact]
    public void File_ThatCameChangedAndWent_IsFollowed()
    {
        Write("music.wav", Wav(8000, 8000));
        _prompts.Look();
        Duration("music").ShouldBe(1000);
        Write("music.wav", Wav(44_100, 88_200));
        _prompts.Look();
        Duration("music").ShouldBe(2000);
        File.Delete(Path.Combine(_folder, "music.wav"));
        _prompts.Look();
        Duration("music").ShouldBe(-1);
        _prompts.Refused.ShouldBe(0);
    }

    [Fact]
    public void File_ThatIsBroken_LeavesWhatWasThereBefore()
    {
        Write("music.wav", Wav(8000, 8000));
        _prompts.Look();
        // Half a copy.
        Write("music.wav", Wav(8000, 16_000)[..9000]);
        _prompts.Look();
        _prompts.Look();
        Duration("music").ShouldBe(1000);
        _prompts.Refused.ShouldBe(1);
        Write("music.wav", Wav(8000, 16_000));
        _prompts.Look();
        Duration("music").ShouldBe(2000);
    }

    [Theory]
    [InlineData("a b.wav")]
    [InlineData("保留.wav")]
    public void File_WhoseNameIsNoId_IsRefusedOnce(string name)
    {
        Write(name, Wav(8000, 8000));
        _prompts.Look();
        _prompts.Look();
        _store.Count.ShouldBe(Tones.All.Length);
        _prompts.Refused.ShouldBe(1);
    }

    [Fact]
    public void Files_OfOtherKinds_AreNotLookedAt()
    {
        Write("music.mp3", Wav(8000, 8000));
        Directory.CreateDirectory(Path.Combine(_folder, "folder.wav"));
        _prompts.Look();
        (_store.Count, _prompts.Refused).ShouldBe((Tones.All.Length, 0));
    }

    [Fact]
    public void Files_BeyondTheBudget_AreRefusedByNameOrder()
    {
        // 28 kB a second in all codecs: three seconds are half of the budget.
        Write("a.wav", Wav(8000, 24_000));
        Write("b.wav", Wav(8000, 32_000));
        Write("c.wav", Wav(8000, 24_000));
        _prompts.Look();
        (Duration("a"), Duration("b"), Duration("c")).ShouldBe((3000, -1, 3000));
        _prompts.Look();
        _prompts.Refused.ShouldBe(1);
        File.Delete(Path.Combine(_folder, "a.wav"));
        _prompts.Look();
        (Duration("a"), Duration("b"), Duration("c")).ShouldBe((-1, 4000, -1));
    }

    [Fact]
    public void File_OfATonesId_TakesItsPlaceWhileItIsThere()
    {
        Write("tone-hold.wav", Wav(8000, 8000));
        _prompts.Look();
        Duration("tone-hold").ShouldBe(1000);
        File.Delete(Path.Combine(_folder, "tone-hold.wav"));
        _prompts.Look();
        Duration("tone-hold").ShouldBe(Tones.Hold.DurationMs);
    }

    [Fact]
    public void Folder_ThatIsMissing_IsEmpty()
    {
        Directory.Delete(_folder, true);
        _prompts.Look();
        _store.Count.ShouldBe(Tones.All.Length);
        Directory.CreateDirectory(_folder);
        Write("music.wav", Wav(8000, 160));
        _prompts.Look();
        Duration("music").ShouldBe(20);
    }

    [Fact]
    public async Task Timer_OnceStarted_ReadsByItself()
    {
        Write("music.wav", Wav(8000, 160));
        _prompts.Start();
        for (var i = 0; i < 500 && Duration("music") < 0; i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Duration("music").ShouldBe(20);
    }

    private int Duration(string id) => _store.TryFind(id, out var prompt) ? prompt.DurationMs : -1;

    private void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        var before = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : default;
        File.WriteAllBytes(path, bytes);
        // Two writes within a tick of the file system's clock are one for whoever looks at times.
        if (before != default) File.SetLastWriteTimeUtc(path, before.AddSeconds(1));
    }

    private static byte[] Wav(int rateHz, int samples)
    {
        var file = new byte[44 + (samples * 2)];
        "RIFF____WAVEfmt "u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        (file[20], file[22], file[34]) = (1, 1, 16);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rateHz);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples * 2);
        for (var i = 44; i < file.Length; i++) file[i] = (byte)(i * 7);
        return file;
    }
}
