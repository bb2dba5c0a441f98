using System.Text.Json.Serialization;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// The JSON form of what shipping keeps in files and reads from ClickHouse. Generated, no reflection.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ShippingCheckpoint))]
[JsonSerializable(typeof(BatchHeader))]
[JsonSerializable(typeof(OperatorSequenceRow))]
[JsonSerializable(typeof(TransactionRow))]
internal sealed partial class ShippingJson : JsonSerializerContext;
