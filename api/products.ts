import { z } from 'zod';
import { addProduct, changeProduct, listProducts } from '#db/products.ts';
import { pageOf } from '#domain/page.ts';
import { NewProduct, Product, ProductChange } from '#domain/product.ts';
import { route } from './route.ts';

export const productRoutes = [
  route('get', '/products', {
    summary: 'List the products, by name',
    needs: 'products:read',
    query: z.object({
      q: z.string().max(200).optional(),
      archived: z.stringbool().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    reply: pageOf(Product),
    run: async ({ query }, scope) => ({ items: await listProducts(scope, query), next: null }),
  }),

  route('post', '/products', {
    summary: 'Add a product',
    needs: 'products:write',
    body: NewProduct,
    reply: Product,
    status: () => 201,
    run: ({ body }, scope) => addProduct(scope, body),
  }),

  route('patch', '/products/:id', {
    summary: 'Change, archive or bring back a product; deals keep the price they were given',
    needs: 'products:write',
    params: z.object({ id: z.uuid() }),
    body: ProductChange,
    reply: Product,
    run: ({ params, body }, scope) => changeProduct(scope, params.id, body),
  }),
];
