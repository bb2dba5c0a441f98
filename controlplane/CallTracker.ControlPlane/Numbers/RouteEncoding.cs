using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Routes;
using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>Makes of a number and its advertiser what the nodes read. Stateless.</summary>
internal static class RouteEncoding
{
    // :: Step P4
    /// <summary>
    /// The route by the contract of both planes; the version is filled in by the script that writes it.
    /// </summary>
    public static string Encode(string operatorId, TrackingNumber number, Advertiser advertiser)
    {
        var route = new RouteRecord
        {
            Version = Commit.VersionPlaceholder,
            DinId = number.DinId,
            OperatorId = operatorId,
            ClientId = number.ClientId,
            ClientName = advertiser.ClientName,
            DialinId = number.DialinId,
            DialinName = number.DialinName,
            Destinations = number.Destinations,
            AllowedDestinations = number.AllowedDestinations ?? [],
            CallerDisplay = number.CallerDisplay,
            SystemNumber = number.SystemNumber,
            Enabled = number.Enabled,
            Recording = number.Recording,
            RecordingDays = number.RecordingDays,
        };
        return JsonSerializer.Serialize(route, ContractJson.Default.RouteRecord);
    }
}
