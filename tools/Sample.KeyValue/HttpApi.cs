using System;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;

namespace tools.Sample.KeyValue;

/// <summary>What clients see of a replica: <c>PUT /KEY</c> and <c>GET /KEY</c>. 421 comes from one that is not the primary.</summary>
public sealed class HttpApi(Replica replica)
{
    /// <summary>Answers a request.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
    {
        var key = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath.TrimStart('/'));
        if (request.Method == HttpMethod.Put) return await PutAsync(key, await request.Content!.ReadAsStringAsync());
        if (request.Method == HttpMethod.Get) return await GetAsync(key);
        return new HttpResponseMessage(HttpStatusCode.MethodNotAllowed);
    }

    private async Task<HttpResponseMessage> PutAsync(string key, string value) => new(await replica.PutAsync(key, value) switch
    {
        WriteOutcome.Done => HttpStatusCode.NoContent,
        WriteOutcome.Refused => HttpStatusCode.MisdirectedRequest,
        _ => HttpStatusCode.ServiceUnavailable,
    });

    private async Task<HttpResponseMessage> GetAsync(string key)
    {
        if (!await replica.ConfirmLeadershipAsync()) return new HttpResponseMessage(HttpStatusCode.MisdirectedRequest);
        return replica.Committed.Values.TryGetValue(key, out var value)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(value) }
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }
}
