using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("aidb");
builder.AddRedisClient("redis");

var app = builder.Build();
app.MapDefaultEndpoints();
return await app.RunServiceAsync(args);
