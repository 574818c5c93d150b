const loud = await callTool('text:upper', { text: input });
return `${loud}!`;
