call retort#ale#Define('python')
