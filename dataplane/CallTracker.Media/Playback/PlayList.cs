namespace CallTracker.Media.Playback;

/// <summary>
/// Prompts in the order in which they are played ("please hold", then music for ever), without a gap between them.
/// Immutable: one list may play in any number of calls, so that a call needs none of its own.
/// </summary>
public sealed class PlayList
{
    /// <summary>The longest list.</summary>
    public const int ItemsMax = 16;
    private readonly PlayItem[] _items;

    /// <param name="items">One to <see cref="ItemsMax"/>.</param>
    public PlayList(params ReadOnlySpan<PlayItem> items)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Length, nameof(items));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items.Length, ItemsMax, nameof(items));
        foreach (var item in items) ArgumentOutOfRangeException.ThrowIfNegative(item.Times, nameof(items));
        _items = items.ToArray();
    }

    internal ReadOnlySpan<PlayItem> Items => _items;
}
