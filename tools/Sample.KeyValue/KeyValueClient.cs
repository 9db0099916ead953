using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Simulator.Platform.Services;

namespace tools.Sample.KeyValue;

/// <summary>A client that keeps to the replica that answered last, and tries the next one when it does not.</summary>
public sealed class KeyValueClient(NodeContext node, IReadOnlyList<ReplicaAddress> replicas)
{
    private readonly HttpClient _http = node.NewHttpClient(TimeSpan.FromSeconds(1));
    private int _current;

    /// <summary>Writes once; it may have happened or not if the outcome is unknown.</summary>
    public async Task<WriteOutcome> PutAsync(string key, string value)
    {
        try
        {
            using var response = await _http.PutAsync(Address(key), new StringContent(value));
            if (response.IsSuccessStatusCode) return WriteOutcome.Done;
            _current++;
            return response.StatusCode == HttpStatusCode.MisdirectedRequest ? WriteOutcome.Refused : WriteOutcome.Unknown;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            _current++;
            return WriteOutcome.Unknown;
        }
    }

    /// <summary>Reads once.</summary>
    /// <returns>Whether an answer came, and the value; null if there is none.</returns>
    public async Task<(bool Answered, string? Value)> GetAsync(string key)
    {
        try
        {
            using var response = await _http.GetAsync(Address(key));
            if (response.StatusCode == HttpStatusCode.NotFound) return (true, null);
            if (response.IsSuccessStatusCode) return (true, await response.Content.ReadAsStringAsync());
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // As good as no answer.
        }

        _current++;
        return (false, null);
    }

    private Uri Address(string key) => new($"http://{replicas[_current % replicas.Count].Http}/{Uri.EscapeDataString(key)}");
}
